print("matsieve")
